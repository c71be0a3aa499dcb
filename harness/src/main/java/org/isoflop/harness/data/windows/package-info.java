/**
 * Which windows of stored tokens make up the batch of a step: {@link
 * org.isoflop.harness.data.windows.Tokens} are read where they lie, {@link
 * org.isoflop.harness.data.windows.Windows} cuts them, {@link
 * org.isoflop.harness.data.windows.WindowSampler} puts the windows of an epoch in the order that a
 * seed says. Knows nothing of where the tokens come from.
 */
package org.isoflop.harness.data.windows;
