/**
 * From a user's text to tokens on their way to a device: lists the files of a corpus, reads their
 * documents, splits them by content, leaves equal and near ones out, and encodes them into a {@link
 * org.isoflop.harness.data.TokenStore}.
 *
 * <p>Its rooms know nothing of it nor, but for the one before, of each other: {@code tokenizers}
 * (how text becomes tokens), {@code formats} (what a corpus may be) and {@code windows} (what of
 * the tokens makes up a batch).
 *
 * <p>Everything here is a function of the documents' content, the configuration and the seed: never
 * of file names, of the order of a folder, of the clock or of how often a run was resumed. Uses no
 * other package of the harness but the root's exception and file helpers.
 */
package org.isoflop.harness.data;
