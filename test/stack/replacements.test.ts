import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { buildStack } from '../../stack/build.ts';
import { FIXED } from '../../stack/replacements.ts';
import { codeAt, templateOf } from '../../stack/template.ts';
import { START } from '../builders.ts';
import { aConfiguration } from './configurations.ts';

/** In the reference ("Update requires: Replacement"), and not in the schemas. */
const ONLY_IN_REFERENCE: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['LocalSecondaryIndexes'],
};

const spec = loadAwsServiceSpecSync();

function fixedBySchema(type: string): readonly string[] {
  const [found] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  if (found === undefined) throw new Error(`AWS's schemas have no ${type}`);
  const properties = Object.entries(found.properties);
  return properties.flatMap(([name, { causesReplacement }]) => (causesReplacement === 'yes' ? [name] : []));
}

describe('the properties that CloudFormation cannot change in place', () => {
  it.each(Object.keys(FIXED))('are those of the schema of %s', (type) => {
    const expected = [...fixedBySchema(type), ...(ONLY_IN_REFERENCE[type] ?? [])];
    expect(FIXED[type]?.toSorted()).toEqual(expected.toSorted());
  });

  it('are known of every type in the stack', () => {
    const parts = buildStack(aConfiguration({ apps: 3, services: 40 }), START);
    const { Resources } = templateOf({ parts, code: () => codeAt('a.zip'), description: '' });
    const types = new Set(Object.values(Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => FIXED[type] === undefined)).toEqual([]);
  });
});
