/**
 * How results are said, whatever they are of: as JSON straight from their records, and as tables
 * that a CSV, a screen and a page show from one description.
 *
 * <p>Knows {@code stats}, whose estimates all results are made of, and no method.
 */
package org.isoflop.harness.analysis.output;
