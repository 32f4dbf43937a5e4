#!/usr/bin/env node
import { runCommand } from './bootstrap.mjs';

await runCommand(process.argv.slice(2));
