import shared from '../../jest.config.mjs';

/** Clients from other projects, against the local cloud. */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/clients/**/*.clients.ts'],
  testTimeout: 120_000,
};
