import { buildStack } from '../../stack/build.ts';
import { changesOf, isUnchanged } from '../../stack/changes.ts';
import type { Template } from '../../stack/names.ts';
import { codeAt, templateOf } from '../../stack/template.ts';
import { anApp, START } from '../builders.ts';

const configuration = {
  environment: 'production',
  channels: {},
  apps: [anApp({ services: [{ name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] }] })],
};
type Finished = {
  Metadata: { Fairway: object };
  Resources: Record<string, { Type: string; Properties: object }>;
};

function templateFor(apps = configuration.apps, archive = 'sweep-1.zip'): Finished {
  const template = templateOf({
    parts: buildStack({ ...configuration, apps }, START),
    code: () => codeAt(archive),
    description: 'Fairway',
  });
  return JSON.parse(JSON.stringify(template));
}

function withTable(properties: Readonly<Record<string, Template>>): Finished {
  const template = templateFor();
  const table = template.Resources.Table;
  if (!table) throw new Error('the template has no table');
  return {
    ...template,
    Resources: {
      ...template.Resources,
      Table: { ...table, Properties: { ...table.Properties, ...properties } },
    },
  };
}

describe('what a deployment changes', () => {
  it('is nothing for the same configuration and version, whatever the archives are called', () => {
    expect(isUnchanged(changesOf(templateFor(), templateFor(undefined, 'sweep-2.zip')))).toBe(true);
  });

  it('is everything for a stack that does not exist', () => {
    const changes = changesOf(undefined, templateFor());
    expect(changes).toMatchObject({ code: true, configuration: true, refused: [] });
    expect(changes.version.from).toBeUndefined();
    expect(changes.resources).toContainEqual({
      action: 'add',
      id: 'Table',
      type: 'AWS::DynamoDB::Table',
      properties: [],
      replacing: [],
    });
    expect(changes.rights.flatMap(({ roles }) => roles)).toContain('SweepRole');
  });

  it('is the code of the functions for another version', () => {
    const { Metadata, ...earlier } = templateFor();
    const Fairway = { ...Metadata.Fairway, version: '0.0.9' };
    const changes = changesOf({ ...earlier, Metadata: { Fairway } }, templateFor());
    expect(changes).toMatchObject({ version: { from: '0.0.9' }, code: true, configuration: false });
    expect(changes.resources).toEqual([]);
  });

  it('is the configuration, rights and rules for another service', () => {
    const service = { name: 'worker', wave: 1, family: 'worker', containers: ['worker'] };
    const apps = configuration.apps.map((app) => ({ ...app, services: [...app.services, service] }));
    const changes = changesOf(templateFor(), templateFor(apps));
    expect(changes).toMatchObject({ code: false, configuration: true, refused: [] });
    const sweep = changes.rights.find(({ roles }) => roles.includes('SweepRole'));
    const all = JSON.stringify(sweep?.gains);
    expect(all).toContain('ecs:UpdateService');
    expect(all).toContain('worker');
    expect(all).not.toContain('web-app');
    expect(changes.resources.map(({ type }) => type)).toContain('AWS::Events::Rule');
    const back = changesOf(templateFor(apps), templateFor());
    expect(back.rights.find(({ roles }) => roles.includes('SweepRole'))?.loses).toEqual(sweep?.gains);
  });

  it.each([
    ['the bucket of the Serverless Framework', 'ServerlessDeploymentBucket', 'AWS::S3::Bucket'],
    ['the metadata of the CDK', 'CDKMetadata', 'AWS::CDK::Metadata'],
  ])('does not know %s', (_, id, Type) => {
    const { Resources, ...rest } = templateFor();
    const deployed = {
      ...rest,
      Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      Conditions: { CDKMetadataAvailable: {} },
      Resources: { ...Resources, [id]: { Type, Properties: {}, Condition: 'CDKMetadataAvailable' } },
    };
    expect(isUnchanged(changesOf(deployed, templateFor()))).toBe(true);
  });

  it('is the code of the functions for other sources of the same version', () => {
    const built = (code: string) => {
      const { Metadata, ...template } = templateFor();
      return { ...template, Metadata: { Fairway: { ...Metadata.Fairway, code } } };
    };
    expect(changesOf(built('a'), built('b'))).toMatchObject({ code: true, configuration: false });
    expect(changesOf(built('a'), built('a')).code).toBe(false);
    expect(changesOf(templateFor(), built('a')).code).toBe(true);
  });

  it('is a replacement where CloudFormation cannot change a property in place', () => {
    const { Resources, ...rest } = templateFor();
    const { SweepLambdaFunction, ...others } = Resources;
    const renamed = {
      ...SweepLambdaFunction,
      Properties: { ...SweepLambdaFunction?.Properties, FunctionName: 'a' },
    };
    const deployed = { ...rest, Resources: { ...others, SweepLambdaFunction: renamed } };
    expect(changesOf(deployed, templateFor()).resources).toEqual([
      {
        action: 'change',
        id: 'SweepLambdaFunction',
        type: 'AWS::Lambda::Function',
        properties: ['FunctionName'],
        replacing: ['FunctionName'],
      },
    ]);
  });
});

describe('a deployment that skips versions', () => {
  const versions = (from: string, to: string) => {
    const { Metadata, ...template } = templateFor();
    const of = (version: string) => ({
      ...template,
      Metadata: { Fairway: { ...Metadata.Fairway, version } },
    });
    return changesOf(of(from), of(to)).refused;
  };

  it.each([
    ['0.1.0', '0.1.0'],
    ['0.1.0', '0.2.3'],
    ['0.2.3', '0.1.0'],
    ['0.9.0', '1.0.0'],
    ['1.0.5', '0.9.0'],
    ['1.2.0-rc.1', '1.3.0'],
  ])('is none from %s to %s', (from, to) => {
    expect(versions(from, to)).toEqual([]);
  });

  it.each([
    ['0.1.0', '0.3.0', 'Deploy 0.2 first'],
    ['9.9.9', '0.1.0', 'Deploy 9.8 first'],
    ['0.1.0', '1.1.0', 'Deploy the next minor version after 0.1 first'],
    ['2.0.0', '0.9.0', 'Deploy the minor version before 2.0 first'],
  ])('is refused, and says what to deploy first: from %s to %s', (from, to, first) => {
    expect(versions(from, to)).toEqual([
      `Fairway ${to} might not read the state that ${from} wrote, since minor versions are between them. ${first}, then one minor version after the other`,
    ]);
  });
});

describe('a deployment that would lose the state', () => {
  it.each(['TableName', 'KeySchema'])('is refused: another %s', (name) => {
    const { refused } = changesOf(withTable({ [name]: 'another' }), templateFor());
    expect(refused).toEqual([
      `the table Table would be replaced, since its ${name} changes: the state of all apps would be lost`,
    ]);
  });

  it('is refused: without the table', () => {
    const { Table: _, ...others } = templateFor().Resources;
    const next = { ...templateFor(), Resources: others };
    expect(changesOf(templateFor(), next).refused).toEqual([
      'the table Table would be removed, with the state of all apps',
    ]);
  });

  const attribute = (AttributeName: string, AttributeType: string) => ({ AttributeName, AttributeType });
  const attributes = [
    attribute('pk', 'S'),
    attribute('sk', 'S'),
    attribute('due', 'S'),
    attribute('dueAt', 'N'),
  ];

  it('is refused: another type of an attribute', () => {
    const edited = attributes.map((each) => (each.AttributeName === 'sk' ? attribute('sk', 'N') : each));
    expect(changesOf(withTable({ AttributeDefinitions: edited }), templateFor()).refused).toEqual([
      'the table Table would be replaced, since its AttributeDefinitions changes: the state of all apps would be lost',
    ]);
  });

  it('is not one that adds or removes an attribute', () => {
    const fewer = withTable({ AttributeDefinitions: attributes.slice(0, 2) });
    expect(changesOf(fewer, templateFor()).refused).toEqual([]);
    expect(changesOf(templateFor(), fewer).refused).toEqual([]);
  });

  it.each(['DeletionPolicy', 'UpdateReplacePolicy'])('is refused: the table without its %s', (policy) => {
    const { Resources, ...rest } = templateFor();
    const { [policy]: _, ...table } = { ...Resources.Table } as Record<string, unknown>;
    const next = { ...rest, Resources: { ...Resources, Table: table } };
    const changes = changesOf(templateFor(), next);
    expect(changes.refused).toEqual([
      `the table Table would lose its ${policy} Retain, which keeps the state of all apps`,
    ]);
    expect(changes.resources).toMatchObject([{ id: 'Table', properties: [policy] }]);
    expect(changesOf(next, templateFor()).refused).toEqual([]);
  });

  it('is not one that changes the table in place', () => {
    const changes = changesOf(withTable({ BillingMode: 'PROVISIONED' }), templateFor());
    expect(changes).toMatchObject({
      refused: [],
      resources: [{ action: 'change', properties: ['BillingMode'] }],
    });
  });
});
