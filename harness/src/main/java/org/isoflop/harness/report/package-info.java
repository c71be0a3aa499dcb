/**
 * The report of an analysis: one self-contained HTML page with interactive figures and tables, and
 * the two main figures as SVG and PNG. Owns {@code report.html} and {@code figures/} of a sweep's
 * folder; reads {@code losses.csv} files to draw training curves. Uses the analysis records and the
 * root's exception and file helper, no other package of the harness.
 */
package org.isoflop.harness.report;
