// What serverless-esbuild, which loads CommonJS, adds to esbuild.
const tsx = require('tsx/cjs/api');

module.exports = tsx.require('./bundling.ts', __filename).bundlingPlugins;
