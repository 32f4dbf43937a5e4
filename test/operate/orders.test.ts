import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';
import { answer } from '../../shared/operate/operate.ts';
import { AwsFault, type Images } from '../../shared/ports.ts';
import { anImage } from '../builders.ts';
import { aPerformer, aReading, aRepository, aStore, aWorld } from '../fakes.ts';
import { anInstallation, app } from './installation.ts';

const deploy = (tag?: string): OperatorRequest => ({
  command: 'deploy',
  app: 'web',
  who: 'ann',
  ...(tag === undefined ? {} : { tag }),
});

function orderOf(answered: OperatorAnswer) {
  if (!answered.ok || !answered.order) throw new Error(JSON.stringify(answered));
  return { command: 'show', app: 'web', order: answered.order } as const;
}

describe('a deploy by hand', () => {
  it.each([
    ['does not exist', aRepository([]), 'there is no tag 9.9.9 in web-app: nothing was changed'],
    [
      'is archived',
      {
        ...aRepository([]),
        inspect: async () => ({ image: anImage('9.9.9'), storage: 'ARCHIVED' }),
      } satisfies Images,
      '9.9.9 is archived in ECR and cannot be pulled: restore it first',
    ],
  ])('of an image that %s is an error at once, and changes nothing', async (_, images, message) => {
    const installation = await anInstallation({ images });
    const before = installation.state();
    expect(await installation.ask(deploy('9.9.9'))).toEqual({ ok: false, error: 'notFound', message });
    expect(installation.state()).toEqual(before);
  });

  it('of the newest image is an error where no tag is eligible', async () => {
    const installation = await anInstallation({ images: aRepository([]) });
    const message = expect.stringContaining('no image in web-app');
    expect(await installation.ask(deploy())).toMatchObject({ error: 'notFound', message });
  });

  it('is taken where ECR does not answer at once', async () => {
    const inspect = async () => {
      throw new AwsFault('ThrottlingException', 'slow down', true);
    };
    const installation = await anInstallation({ images: { ...aRepository([]), inspect } });
    expect(await installation.ask(deploy('1.1.0'))).toMatchObject({ ok: true });
    expect(installation.state()?.release?.image.tag).toBe('1.1.0');
  });

  it('can be followed to its end by what it was answered', async () => {
    const installation = await anInstallation();
    const show = orderOf(await installation.ask(deploy('1.1.0')));
    expect(show.order).toMatchObject({ kind: 'deploy', who: 'ann', tag: '1.1.0' });
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 1, state: 'rolling' } });
    await installation.completes();
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 1, state: 'live' } });
  });

  it('can be followed while it waits for an open release', async () => {
    const installation = await anInstallation();
    await installation.push('1.1.0');
    const show = orderOf(await installation.ask(deploy('1.2.0')));
    expect(await installation.ask(show)).toMatchObject({
      ok: true,
      pending: '1.2.0 waits: v1 is still in progress',
    });
    await installation.completes();
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 2, tag: '1.2.0' } });
  });

  it('of the image that is being released follows that release', async () => {
    const installation = await anInstallation();
    await installation.push('1.1.0');
    const show = orderOf(await installation.ask(deploy('1.1.0')));
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 1 } });
  });

  it('says why it was not carried out', async () => {
    const installation = await anInstallation();
    await installation.push('1.1.0');
    const show = orderOf(await installation.ask(deploy('1.2.0')));
    installation.wait();
    await installation.ask({ command: 'deploy', app: 'web', tag: '1.3.0', who: 'bob' });
    expect(await installation.ask(show)).toMatchObject({
      ok: false,
      error: 'refused',
      message: expect.stringMatching(/^1\.2\.0 was not released: 1\.3\.0.* replaced it/),
    });
  });

  it('does not take an earlier release of the same image for its own', async () => {
    const installation = await anInstallation();
    const show = orderOf(await installation.ask(deploy('1.1.0')));
    await installation.completes();
    const later = { ...show, order: { ...show.order, at: show.order.at + 1 } };
    expect(await installation.ask(later)).toMatchObject({ ok: false, error: 'refused' });
  });
});

describe('a rollback by hand', () => {
  it('can be followed to its end', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    const show = orderOf(await installation.ask({ command: 'rollback', app: 'web', who: 'ann' }));
    expect(await installation.ask(show)).toMatchObject({
      shown: { number: 2, tag: '1.0.0', state: 'rolling' },
    });
    await installation.completes();
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 2, state: 'live' } });
  });

  it('of an open release follows how that is stopped', async () => {
    const installation = await anInstallation();
    await installation.push('1.1.0');
    const show = orderOf(await installation.ask({ command: 'rollback', app: 'web', who: 'ann' }));
    expect(show.order.release).toBe(1);
    expect(await installation.ask(show)).toMatchObject({ shown: { number: 1, state: 'rolledBack' } });
  });
});

describe('a request that cannot be read', () => {
  it('is answered, and is no error of the function', async () => {
    const { world } = aWorld({ apps: [app], store: aStore().store, perform: aPerformer().perform });
    expect(await answer(world, { command: 'explode' }, aReading())).toMatchObject({
      ok: false,
      error: 'invalid',
      message: expect.stringMatching(
        /^failed to read the request: command should be one of .* deploy the stack again$/,
      ),
    });
  });

  it('is distinguished from a failure while answering', async () => {
    const { world } = aWorld({ apps: [app], store: aStore().store, perform: aPerformer().perform });
    const broken = {
      ...world,
      store: { ...world.store, load: async () => Promise.reject(new Error('down')) },
    };
    await expect(answer(broken, { command: 'status' }, aReading())).rejects.toThrow('down');
  });
});
