/**
 * What a corpus may be: which files a pattern names ({@link org.isoflop.harness.data.formats.Glob},
 * {@code FileTree}), what they are packed in ({@code Codec}, {@code TarEntries}) and what lies in
 * them. {@link org.isoflop.harness.data.formats.DocumentReader} hands on the documents of one
 * place; each format is a {@link org.isoflop.harness.data.formats.DocumentSource}, and the next is
 * one class and one line in the reader's list. Uses {@code data.tokenizers}, for corpora of tokens,
 * and the root of the harness; knows nothing of splits or stores.
 */
package org.isoflop.harness.data.formats;
