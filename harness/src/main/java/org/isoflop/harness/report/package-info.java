/**
 * The report of an analysis: one self-contained HTML page with interactive figures and tables, its
 * figures as SVG and PNG, and a page of several analyses beside each other. Owns {@code
 * report.html}, {@code compare.html} and {@code figures/} of a folder; reads {@code losses.csv}
 * files to draw training curves. Uses the analysis records and the root's exception, file and
 * number helpers, no other package of the harness.
 */
package org.isoflop.harness.report;
