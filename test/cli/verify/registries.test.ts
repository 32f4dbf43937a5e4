import { compare } from '../../../cli/verify/compare.ts';
import { anApp } from '../../builders.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };
const KEY = '210987654321:eu-west-1:web-app';
const app = { ...anApp(), image: { ...anApp().image, registry: CENTRAL } };
const image = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/web-app:1.0.0';
const service = {
  status: 'ACTIVE',
  controller: 'ECS',
  strategy: 'ROLLING',
  definition: { family: 'web-app', revision: 'web-app:1', containers: [{ name: 'web', image }] },
};
const found = {
  clusters: { 'app-prod': 'ACTIVE' },
  services: { 'app-prod/web-app': service },
  families: {},
  repositories: [KEY],
};
const differencesIn = (change: object) =>
  compare({ environment: 'test', channels: {}, apps: [app] }, { ...found, ...change }).map(
    ({ what }) => what,
  );

describe('compare, for a repository in another account and region', () => {
  it('finds no difference where it exists and the service runs its image', () => {
    expect(differencesIn({})).toEqual([]);
  });

  it.each([
    [
      'there is none, only one of the same name here',
      { repositories: ['web-app'] },
      /there is no ECR repository/,
    ],
    [
      'its policy allows nothing',
      { repositories: [], unreadable: { [KEY]: '' } },
      /does not let these credentials/,
    ],
  ])('says that %s, with its place', (_, change, words) => {
    const [what] = differencesIn(change);
    expect(what).toMatch(words);
    expect(what).toContain('in the registry of 210987654321 in eu-west-1');
  });
});
