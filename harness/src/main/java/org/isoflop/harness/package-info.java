/**
 * What every package of the harness may use: the exception for wrong input, and files that are
 * either whole or absent, or known to be damaged.
 */
package org.isoflop.harness;
