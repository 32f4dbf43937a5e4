// The plugin for the Serverless Framework, which loads CommonJS.
// The SDK's notice about future Node versions is for the maintainers of Fairway, who pin the SDK's version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

module.exports = class Fairway {
  constructor(serverless, options) {
    const files = () => import('./framework.js');
    const writeArchives = async () => (await files()).writeArchives(serverless);
    this.hooks = {
      'before:package:createDeploymentArtifacts': writeArchives,
      'before:package:function:package': writeArchives,
    };
    this.asyncInit = async () => {
      try {
        await (await files()).configure(serverless, options);
      } catch ({ message }) {
        // The framework shows its own errors without a stack trace.
        throw new serverless.classes.Error(message);
      }
    };
  }
};
