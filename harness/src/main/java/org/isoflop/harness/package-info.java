/**
 * What every package of the harness may use: the exception for wrong input, and files that are
 * either whole or absent.
 */
package org.isoflop.harness;
