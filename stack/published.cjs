// The plugin for the Serverless Framework, which loads CommonJS.
// The SDK's notice about future Node versions is for the maintainers of Fairway, who pin the SDK's version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = class Fairway {
  constructor(serverless, options) {
    const run = async (name, ...more) => {
      const files = await import('./framework.js');
      try {
        await files[name](serverless, ...more);
      } catch ({ message }) {
        // The framework shows its own errors without a stack trace.
        throw new serverless.classes.Error(files.withCommandsHere(message));
      }
    };
    this.asyncInit = () => run('configure', options);
    this.hooks = {
      initialize: () => run('guardConfigured'),
      'before:package:createDeploymentArtifacts': () => run('writeArchives'),
      'before:package:function:package': () => run('writeArchives'),
    };
  }
};
