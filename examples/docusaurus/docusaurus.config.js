// A site of documentation, and nothing else: no blog, no search, nothing from other servers.

const baseUrl = '/sites/docusaurus/';

/** @type {import('@docusaurus/types').Config} */
export default {
  title: 'Replication, explained',
  url: 'http://localhost',
  baseUrl,
  trailingSlash: true,
  favicon: 'icon.svg',
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  markdown: { hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' } },
  // For the elements that stand in a page as they are. Those of the React component come with the bundle.
  scripts: [{ src: `${baseUrl}playground/replication-playground.js`, type: 'module' }],
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: '/', sidebarPath: './sidebars.js', breadcrumbs: false }],
  ],
  themes: [['@docusaurus/theme-classic', { customCss: './src/css/site.css' }]],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: { title: 'Replication, explained' },
  },
};
