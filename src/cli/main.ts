#!/usr/bin/env node
import { program } from 'commander';

program.name('unrolled').description('Trains and runs recurrent neural networks on WebGPU.').parse();
