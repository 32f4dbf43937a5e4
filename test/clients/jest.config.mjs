import shared from '../../jest.config.mjs';

/** Clients that nobody here wrote, against the local cloud. */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/clients/**/*.clients.ts'],
  testTimeout: 120_000,
};
