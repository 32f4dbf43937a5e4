// The SDK's notice about its future Node versions is for who maintains Fairway: versions here are pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  globalSetup: '<rootDir>/test/jest/bundle.mjs',
  globalTeardown: '<rootDir>/test/jest/unbundle.mjs',
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  runtime: '<rootDir>/test/jest/runtime.cjs',
  transform: { '\\.ts$': ['<rootDir>/test/jest/transform.mjs', {}] },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json'],
  // No test waits so long, but a busy machine may keep it waiting.
  testTimeout: 30_000,
  // Jest leaves one processor idle, which on a machine with two is half of it.
  maxWorkers: '100%',
};
