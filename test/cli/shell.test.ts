import { sameEnvironment, shellWord } from '../../cli/shell.ts';

describe('a printed command', () => {
  it.each([
    ['dist/a.json', 'dist/a.json'],
    ['my dist', "'my dist'"],
    ["it's", "'it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['', "''"],
  ])('quotes the word "%s" where a shell would change it', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });

  it.each([
    ['nothing', {}, undefined, ''],
    ['an environment', {}, 'staging', ' --environment staging'],
    ['a stage', { stage: 'staging' }, undefined, ' --environment staging'],
    ['a file', { config: 'my fairway.yml' }, undefined, " --config 'my fairway.yml'"],
    ['both', { config: 'a.yml' }, 'dev', ' --environment dev --config a.yml'],
  ])('acts in the same environment where a line chose %s', (_, options, environment, text) => {
    expect(sameEnvironment(options, environment)).toBe(text);
  });
});
