import { readFileSync } from 'node:fs';
import type { Configuration } from '../domain/app.ts';
import { findCrossFaults } from './checks.ts';
import { compile } from './compile.ts';
import { readDocument } from './document.ts';
import { ConfigurationError } from './faults.ts';
import { source } from './schema.ts';
import { findShapeFaults } from './shape.ts';

/** Reads, checks and compiles a configuration file. Throws a ConfigurationError that names every fault. */
export function loadConfiguration(file: string): Configuration {
  return compileConfiguration(readConfigurationFile(file), file);
}

/** Checks and compiles the text of a configuration; `fileName` is what faults call it. Throws like `loadConfiguration`. */
export function compileConfiguration(text: string, fileName: string): Configuration {
  const document = readDocument(text);
  const findings =
    document.value === undefined
      ? []
      : [...findShapeFaults(document.value), ...findCrossFaults(document.value)];
  const faults = [...document.faults, ...findings.map(document.locate)];
  if (faults.length > 0) {
    throw new ConfigurationError(
      fileName,
      faults.sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }
  return compile(source.parse(document.value));
}

function readConfigurationFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why =
      typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT'
        ? 'there is no such file'
        : 'it cannot be read';
    const message = `${why}, expected a configuration (FAIRWAY_CONFIG names another one)`;
    throw new ConfigurationError(file, [{ line: 1, column: 1, path: '', message }], { cause });
  }
}
