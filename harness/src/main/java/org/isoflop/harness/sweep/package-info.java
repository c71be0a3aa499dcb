/**
 * Runs a sweep: its folder on disk, its tokens, its plan, its jobs one after the other or several
 * at once, by workers of this machine or of a cluster's scheduler, and its points. Knows nothing of
 * analysis and report, which read what it leaves.
 */
package org.isoflop.harness.sweep;
