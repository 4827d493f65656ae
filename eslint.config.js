import js from '@eslint/js';
import globals from 'globals';

export default [
  {
    ignores: [
      'dist/',
      'target/',
      'www/pkg/',
      'examples/docusaurus/static/',
      'examples/docusaurus/.docusaurus/',
      'examples/mdbook/*.js',
      'examples/mkdocs/docs/assets/playground/',
    ],
  },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // `== null` is the short word for "null or undefined".
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['www/**/*.js', 'examples/**/*.js'], languageOptions: { globals: globals.browser } },
  {
    files: ['examples/docusaurus/src/**/*.js'],
    languageOptions: { globals: globals.browser, parserOptions: { ecmaFeatures: { jsx: true } } },
  },
  {
    files: ['eslint.config.js', '.ci/**/*.js', 'examples/*/build.js', 'tests/**/*.js'],
    // Functions given to page.evaluate run in the browser.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
];
