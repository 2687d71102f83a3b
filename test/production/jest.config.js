import everywhere from '../../jest.config.js';

const [, server] = everywhere.projects;

/** The end-to-end tests as in production, and those that need it. */
export default {
  ...server,
  displayName: 'production',
  rootDir: '../..',
  maxWorkers: 2,
  testTimeout: 120_000,
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts', '<rootDir>/test/production/**/*.production.ts'],
};
