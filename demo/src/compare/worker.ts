import { expose } from 'comlink';
import { Service } from './service.js';

expose(new Service());
