/** By long name. */
export type OptionTable = Readonly<Record<string, Option>>;

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** How help writes the value: "N". */
  readonly value?: string;
  readonly about: string;
}

/** What a person has typed after a command's name. `Flag` and `Text` are the names of the options of each type. */
export interface Line<Flag extends string = string, Text extends string = string> {
  readonly words: readonly string[];
  /** The words after `--`; absent: there is no `--`. */
  readonly rest?: readonly string[];
  readonly flag: (name: Flag) => boolean;
  readonly text: (name: Text) => string | undefined;
}
