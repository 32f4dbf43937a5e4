import { compileConfiguration } from '../../shared/config/load.ts';

const configured = (audit: string) =>
  compileConfiguration(
    `environment: production
defaults: { cluster: app-prod }
apps: { web: { image: { repository: web-app, tags: { digest: latest } }, services: [{ name: web-app }] } }
audit: ${audit}`,
    'fairway.yml',
  ).audit;

const ACCEPTED = { rule: 'exec-in-production', reason: 'we debug with it', until: '2027-03-31' };

describe('audit', () => {
  it('is off every day, unless it is asked for', () => {
    expect(configured('{}')).toEqual({ accepted: [] });
    expect(configured('{ daily: {} }')?.daily).toEqual({ at: '06:00', timeZone: 'UTC', severity: 'low' });
  });

  it('accepts findings', () => {
    expect(configured(JSON.stringify({ accept: [ACCEPTED] }))?.accepted).toEqual([ACCEPTED]);
  });

  it.each([
    [{ rule: 'exec-in-prodution' }, /unknown rule "exec-in-prodution".*did you mean "exec-in-production"/],
    [{ app: 'wep' }, /unknown app "wep".*did you mean "web"/],
    [{ until: '2027-02-30' }, /expected a day such as/],
    [{ reason: '' }, /why it is accepted/],
  ])('refuses an acceptance with %j', (members, message) => {
    expect(() => configured(JSON.stringify({ accept: [{ ...ACCEPTED, ...members }] }))).toThrow(message);
  });

  it('refuses a time that is none', () => {
    expect(() => configured('{ daily: { at: "6:00" } }')).toThrow(/a time of day such as "06:00"/);
  });
});
