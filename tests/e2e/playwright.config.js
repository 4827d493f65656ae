import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const root = new URL('../../', import.meta.url);

// The system's Chromium, in the order of .ci/setup; CHROMIUM names another one.
function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error('No Chromium on PATH: run `make test-e2e`, which installs it, or set CHROMIUM.');
}

// The same flags as for the tests of the bindings.
const webdriver = JSON.parse(readFileSync(new URL('webdriver.json', root), 'utf8'));

export default defineConfig({
  testDir: '.',
  outputDir: '../../target/e2e',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A machine that is busy with other things may break a test's patience. What needs its second try is listed as flaky.
  retries: 1,
  // A machine that is busy with other things takes its time.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 2,
  reporter: 'list',
  use: {
    // Playwright sets it from what the server prints, before it starts the workers.
    baseURL: `http://localhost:${process.env.SERVER_PORT}/`,
    browserName: 'chromium',
    launchOptions: {
      executablePath: chromium(),
      args: webdriver['goog:chromeOptions'].args,
    },
    screenshot: 'only-on-failure',
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  webServer: {
    command: 'node .ci/serve.js dist',
    cwd: fileURLToPath(root),
    env: { PORT: '0' },
    wait: { stdout: /localhost:(?<server_port>\d+)/ },
  },
});
