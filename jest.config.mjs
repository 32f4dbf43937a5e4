export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\.ts$': ['<rootDir>/test/esbuild-transform.mjs', {}] },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json'],
  testEnvironment: 'node',
};
