const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cache'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
};

// Folders whose tests run against a Temporal server, which is started once, and only when one of them is asked for.
const withServer = ['workflows', 'e2e', 'faults', 'replay', 'workers', 'pack'];

export default {
  maxWorkers: 2,
  testTimeout: 300_000, // waits end by events; this only ends a test that hangs
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...withServer.map((folder) => `<rootDir>/test/${folder}/`)],
    },
    {
      ...shared,
      displayName: 'server',
      testMatch: withServer.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
