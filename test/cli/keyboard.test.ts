import { createKeyboard } from '../../cli/keyboard.ts';

describe('the keyboard', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'keeps %s until it is asked, and does not wait past it',
    async (signal) => {
      const before = process.listenerCount(signal);
      const keyboard = createKeyboard();
      try {
        const waiting = keyboard.wait(60_000);
        process.emit(signal, signal);
        await waiting;
        await keyboard.wait(60_000);
        expect(keyboard.interrupted()).toBe(signal);
        expect(keyboard.interrupted()).toBeUndefined();
      } finally {
        keyboard.close();
      }
      expect(process.listenerCount(signal)).toBe(before);
    },
  );

  it('ends the process at a second signal before the first one was read', () => {
    const killed: unknown[] = [];
    const kill = jest.spyOn(process, 'kill').mockImplementation((...args) => {
      killed.push(args);
      return true;
    });
    createKeyboard();
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    kill.mockRestore();
    expect(killed).toEqual([[process.pid, 'SIGINT']]);
  });
});
