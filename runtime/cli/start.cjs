#!/usr/bin/env node
// In the JavaScript of 2009, so that every Node can read it: the rest is not for old ones.
'use strict';
var needed = '@ENGINE@'.split('.');
var found = process.versions.node.split('.');
if (found[0] - needed[0] > 0 || (found[0] === needed[0] && found[1] - needed[1] >= 0)) {
  // Node 22 and later keep what they have compiled; where that cannot be, this does nothing. NODE_DISABLE_COMPILE_CACHE=1 forbids it.
  // Others would load the module in vain.
  var loader = found[0] >= 22 && process.getBuiltinModule && process.getBuiltinModule('module');
  if (loader && loader.enableCompileCache) loader.enableCompileCache();
  module.exports = require('./vhdx.cjs');
} else {
  console.error('vhdx: needs Node.js ' + needed.join('.') + ' or newer, this is Node.js ' + process.versions.node);
  process.exit(1);
}
