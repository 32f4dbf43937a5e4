import { previousOf } from './previous.ts';

describe('the version before the one that is being worked on', () => {
  const RELEASED = '## [0.2.0] - 2026-12-01\n\n- this\n\n## [0.1.0] - 2026-11-28\n\n- that\n';

  it('is the newest one, if there are unreleased changes', () => {
    expect(previousOf(`# Changelog\n\n## [Unreleased]\n\n### Added\n\n- more\n\n${RELEASED}`)).toBe('0.2.0');
  });

  it('is the one before the newest, if everything is released', () => {
    expect(previousOf(`# Changelog\n\n## [Unreleased]\n\n${RELEASED}`)).toBe('0.1.0');
  });

  it('does not exist before the first one', () => {
    expect(() => previousOf('# Changelog\n\n## [Unreleased]\n')).toThrow('no version before this one');
  });
});
