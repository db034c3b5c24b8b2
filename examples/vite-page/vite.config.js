import ksyTs from 'ksy-ts/plugin';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [ksyTs.vite()] });
