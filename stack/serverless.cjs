// What serverless.yml takes from fairway.yml. CommonJS, because the Serverless Framework loads files with `require`.
const { resolve } = require('node:path');
const tsx = require('tsx/cjs/api');

const { prepare } = tsx.require('./serverless.ts', __filename);

module.exports = prepare(resolve(__dirname, '..'));
