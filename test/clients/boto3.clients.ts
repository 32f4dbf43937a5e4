import { join } from 'node:path';
import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { describeWith } from './programs.ts';
import { openShell } from './shell.ts';

describeWith('Python with boto3', (python) => {
  let cloud: TestCloud;
  let found: Record<string, unknown>;

  beforeAll(async () => {
    cloud = await startTestCloud();
    const shell = await openShell(cloud.url);
    found = await shell.json(`'${python}' '${join(import.meta.dirname, 'waiters.py')}' ${cloud.url}`);
    await shell.close();
  }, 180_000);

  afterAll(() => cloud?.stop());

  it('waits for services and tasks', () => {
    expect(found.stopped).toEqual(['UserInitiated', 'EssentialContainerExited']);
  });

  it('pages through what is listed', () => {
    expect(found.services).toHaveLength(4);
    expect(found.tasks).toHaveLength(6);
    expect(found.families).toEqual(['db-migrate', 'web-app']);
    expect(found.revisions).toHaveLength(2);
    expect(found.clusters).toHaveLength(1);
    expect(found.repositories).toEqual(['web-app', 'aa', 'bb', 'cc']);
    expect(found.images).toBe(1);
    expect(found.imageDetails).toBe(1);
    expect(found.tables).toHaveLength(1);
  });

  it('reads logs, rules and topics', () => {
    expect(found.groups).toBeGreaterThanOrEqual(3);
    expect(found.rules).toBeGreaterThanOrEqual(3);
    expect(found.topics).toBe(true);
  });

  it('names what is not simulated', () => {
    expect(found.executeCommand).toEqual({
      Code: 'UnknownOperationException',
      Message: 'ecs:ExecuteCommand is not simulated by the local cloud',
    });
  });
});
