import everywhere from '../../jest.config.js';

const [unit] = everywhere.projects;

/** The ledger's tests on a real server, and those that need one; without those of the embedded database. */
export default {
  ...unit,
  displayName: 'postgres',
  rootDir: '../..',
  maxWorkers: 2,
  testMatch: ['<rootDir>/test/ledger/**/*.test.ts', '<rootDir>/test/postgres/**/*.postgres.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/embedded'],
};
