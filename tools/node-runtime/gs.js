#!/usr/bin/env node
// Linked as node_modules/.bin/gs, so that `npx gs` in a clone runs this clone.
import '../../bin/run.js'
