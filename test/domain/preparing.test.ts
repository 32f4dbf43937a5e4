import type { App } from '../../shared/domain/app.ts';
import type { ObservedBase } from '../../shared/domain/observations.ts';
import { anApp, anImage, anObservedService, aStage, aTask, digestOf, MINUTE, revision } from '../builders.ts';

/** A release of 1.1.0 of which the services have been seen: what remains is to read the bases. */
function seen(app: App) {
  const stage = aStage(app).adopted().later(MINUTE);
  stage.push('1.1.0');
  stage.answer('lookAtServices', {
    kind: 'servicesSeen',
    services: app.services.map((service) => anObservedService(service.name)),
  });
  return stage;
}

function aBase(what: readonly string[], name: string, overrides: Partial<ObservedBase> = {}): ObservedBase {
  const [family = '', number] = name.split(':');
  return {
    for: what,
    revision: revision(family, Number(number)),
    family,
    platform: { os: 'linux', architecture: 'amd64' },
    takesImage: true,
    current: true,
    ...overrides,
  };
}

describe('decide, when the revisions to start from have been read', () => {
  it('registers one revision for a service and a migration of the same family', () => {
    const app = anApp({
      services: [{ name: 'web-app', wave: 1, family: 'web-app', containers: [] }],
      before: [aTask('db-migrate', { family: 'web-app', container: 'web' })],
    });
    const stage = seen(app);
    const bases = [aBase(['service:web-app'], 'web-app:10'), aBase(['task:db-migrate'], 'web-app:10')];
    stage.answer('readBases', { kind: 'basesRead', bases });

    const registrations = stage.pending('register');
    expect(registrations.map((entry) => entry.effect.for)).toEqual([['service:web-app', 'task:db-migrate']]);

    stage.answer('register', { kind: 'registered', revision: revision('web-app', 11), droppedTags: [] });
    expect(stage.state.release?.services[0]?.target).toBe(revision('web-app', 11));
    expect(stage.pending('startRun')[0]?.effect.revision).toBe(revision('web-app', 11));
  });

  it('says which tags of the base had to give way', () => {
    const stage = seen(anApp());
    stage.answer('readBases', { kind: 'basesRead', bases: [aBase(['service:web-app'], 'web-app:10')] });
    stage.answer('register', {
      kind: 'registered',
      revision: revision('web-app', 11),
      droppedTags: ['team', 'cost'],
    });
    expect(stage.state.release?.notes).toEqual([
      'web-app:11 has 50 tags, the most that ECS allows: these tags of its base are left out: team, cost',
    ]);
  });
});

describe('decide, when a person orders the live image with another base', () => {
  const base = revision('web-app', 12);

  function ordered() {
    const stage = aStage(anApp()).adopted();
    const bases = { 'web-app': base };
    stage.when({
      type: 'operator',
      request: { command: 'deploy', app: 'web', live: true, bases, who: 'ann' },
    });
    return stage;
  }

  it('looks the live image up by its digest', () => {
    expect(ordered().pending('inspectImage')[0]?.effect).toMatchObject({ digest: digestOf('1.0.0') });
  });

  it('reads the base that the order names, beside what runs', () => {
    const stage = ordered();
    stage.answer('inspectImage', { kind: 'imageInspected', image: anImage('1.0.0'), storage: 'ACTIVE' });
    stage.answer('lookAtServices', { kind: 'servicesSeen', services: [anObservedService('web-app')] });
    expect(stage.pending('readBases')[0]?.effect.bases).toMatchObject([
      { reference: revision('web-app', 10), from: base },
    ]);
  });

  it('is refused while nothing is live', () => {
    const stage = aStage(anApp());
    const answer = stage.when({
      type: 'operator',
      request: { command: 'deploy', app: 'web', live: true, who: 'ann' },
    });
    expect(answer).toMatchObject({ refused: true, reason: expect.stringContaining('no live image') });
  });
});

describe('decide, when new revisions are made from the newest of the family', () => {
  const app = anApp({ baseRevision: 'latest' });

  it('asks for the newest and for what runs', () => {
    expect(seen(app).pending('readBases')[0]?.effect.bases).toEqual([
      {
        reference: revision('web-app', 10),
        latestOf: 'web-app',
        containers: ['web'],
        for: ['service:web-app'],
      },
    ]);
  });

  it('says so where that is not what runs', () => {
    const stage = seen(app);
    const base = aBase(['service:web-app'], 'web-app:12', { current: false });
    stage.answer('readBases', { kind: 'basesRead', bases: [base] });
    expect(stage.pending('register')[0]?.effect).toMatchObject({
      base: revision('web-app', 12),
      latest: true,
    });
    expect(stage.state.release?.notes).toEqual([
      'web-app ran web-app:10; its new revision is made from web-app:12',
    ]);
  });

  it('changes nothing when the service runs the image on a revision made from the newest', () => {
    const stage = seen(app);
    const base = aBase(['service:web-app'], 'web-app:9', { runs: digestOf('1.1.0') });
    stage.answer('readBases', { kind: 'basesRead', bases: [base] });
    expect(stage.pending('register')).toEqual([]);
    expect(stage.state.live).toMatchObject({ tag: '1.1.0' });
  });

  it('rolls the service when it runs the image on an older base, and remembers what ran', () => {
    const stage = seen(app);
    const base = aBase(['service:web-app'], 'web-app:12', { current: false, runs: digestOf('1.1.0') });
    stage.answer('readBases', { kind: 'basesRead', bases: [base] });
    expect(stage.pending('register')).toHaveLength(1);
    expect(stage.state.release?.services[0]?.before?.digest).toBe(digestOf('1.1.0'));
  });
});

describe('decide, when it is known how release tasks start', () => {
  const app = anApp({ before: [aTask('db-migrate')] });
  const place = { capacity: { launchType: 'FARGATE' as const }, launch: { platformVersion: '1.4.0' } };
  const task = (overrides: Partial<ObservedBase> = {}) =>
    aBase(['task:db-migrate'], 'db-migrate:3', { takesImage: false, ...overrides });

  it('starts each attempt the same way', () => {
    const stage = seen(app);
    const bases = [aBase(['service:web-app'], 'web-app:10'), task({ places: { 'db-migrate': place } })];
    stage.answer('readBases', { kind: 'basesRead', bases });
    stage.answer('register', { kind: 'registered', revision: revision('web-app', 11), droppedTags: [] });
    expect(stage.pending('startRun')[0]?.effect).toMatchObject(place);
    const cause = { kind: 'capacity', sentence: 'No capacity.', evidence: [], canHeal: true };
    stage.answer('startRun', { kind: 'taskNotStarted', cause, capacity: true });
    expect(stage.pending('startRun')[0]?.effect).toMatchObject({ attempt: 2, ...place });
  });

  it('fails before anything is registered where one cannot be started', () => {
    const stage = seen(app);
    const bases = [aBase(['service:web-app'], 'web-app:10'), task({ launchRefusal: 'No role.' })];
    stage.answer('readBases', { kind: 'basesRead', bases });
    expect(stage.pending('register')).toEqual([]);
    expect(stage.state.ended[0]?.failure).toMatchObject({
      task: 'db-migrate',
      cause: { sentence: 'No role.' },
    });
  });

  it('says what was not taken', () => {
    const stage = seen(app);
    const bases = [
      aBase(['service:web-app'], 'web-app:10'),
      task({ notTaken: ['tags a of web-app: too many'] }),
    ];
    stage.answer('readBases', { kind: 'basesRead', bases });
    expect(stage.state.release?.notes).toContain('not taken: tags a of web-app: too many');
  });
});
