import { portOf, quotasOf, speedOf } from '../../local/options.ts';

describe('npm run local', () => {
  it('refuses a value that an option cannot have', () => {
    expect(() => portOf('70000')).toThrow('--port 70000: expected 0 to 65535');
    expect(() => speedOf('0')).toThrow('--speed 0: expected a number from 1 to 1000000, or max');
    expect(() => quotasOf('half')).toThrow('--quotas half: expected aws or none');
  });
});
