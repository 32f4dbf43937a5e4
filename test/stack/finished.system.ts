import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../local/contract.ts';
import { listOf, objectAt } from '../../local/stack/json.ts';
import { stackOfFile } from '../../stack/serverless.ts';
import { codeAt, codeParameters, templateOf } from '../../stack/template.ts';
import { packagedExample } from '../packaged/example.ts';

/** The template of `fairway package`, against the one that the Serverless Framework writes for the same file. */
describe('the finished template', () => {
  const BUCKET = /^ServerlessDeploymentBucket/;
  const finished = async (example: string) =>
    JSON.parse(
      JSON.stringify(
        templateOf({
          parts: await stackOfFile(join(example, 'fairway.yml')),
          code: (name) => codeAt(`${name}-0123456789ab.zip`),
          parameters: codeParameters,
          description: 'Fairway',
        }),
      ),
    );
  const written = async (example: string) =>
    JSON.parse(
      await readFile(join(example, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8'),
    );
  const withoutCode = (template: unknown) =>
    Object.fromEntries(
      Object.entries(objectAt(objectAt(Object(template), 't').Resources, 'Resources'))
        .filter(([id]) => !BUCKET.test(id))
        .map(([id, resource]) => {
          const { Properties, ...rest } = objectAt(resource, id);
          const { Code: _code, ...properties } = objectAt(Properties, id);
          return [id, { ...withoutRole(rest), Properties: properties }];
        }),
    );
  /** The framework also lets a function depend on its role, which the function refers to. */
  const withoutRole = ({ DependsOn, ...resource }: JsonObject) => {
    if (resource.Type !== 'AWS::Lambda::Function') return { ...resource, ...(DependsOn && { DependsOn }) };
    return { ...resource, DependsOn: listOf(DependsOn).filter((id) => !String(id).endsWith('Role')) };
  };

  it('has the resources that the Serverless Framework writes, without its bucket', async () => {
    const example = await packagedExample();
    expect(withoutCode(await finished(example))).toEqual(withoutCode(await written(example)));
  }, 120_000);

  it('has the outputs and the metadata as well', async () => {
    const example = await packagedExample();
    const [own, other] = [await finished(example), await written(example)];
    const outputs = Object.keys(other.Outputs).filter((name) => !BUCKET.test(name));
    expect(Object.keys(own.Outputs).toSorted()).toEqual(outputs.toSorted());
    expect(own.Metadata).toEqual(other.Metadata);
  }, 120_000);

  it('takes the archives from a bucket and a prefix that are parameters', async () => {
    const { Parameters, Resources } = await finished(await packagedExample());
    expect(Object.keys(Parameters)).toEqual(['CodeBucket', 'CodePrefix']);
    expect(Resources.SweepLambdaFunction.Properties.Code).toEqual({
      S3Bucket: { Ref: 'CodeBucket' },
      S3Key: { 'Fn::Sub': '${CodePrefix}sweep-0123456789ab.zip' },
    });
    const prefix = new RegExp(Parameters.CodePrefix.AllowedPattern);
    expect(['', 'fairway/', 'a/b/'].filter((text) => !prefix.test(text))).toEqual([]);
    expect(['/', '/a/', 'a'].filter((text) => prefix.test(text))).toEqual([]);
  }, 120_000);
});
