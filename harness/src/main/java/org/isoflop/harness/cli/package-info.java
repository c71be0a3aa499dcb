/** The command line: reads arguments, calls the packages below, says in plain words how it went. */
package org.isoflop.harness.cli;
