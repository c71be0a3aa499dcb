package org.isoflop.harness.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.isoflop.harness.Sha256;

/**
 * What one name in {@code files} stood for when a corpus was read.
 *
 * @param name a file, a folder or a glob, as it was given
 * @param files how many files and archives it stood for
 * @param bytes that they have together, as they lie on the disk
 * @param sha256 of the one file; of several the SHA-256 of their lines as {@code sha256sum} prints
 *     them, sorted by name
 */
record CorpusInput(String name, int files, long bytes, String sha256) {

  /** Reads every file once more. */
  static List<CorpusInput> of(CorpusFiles files) {
    return files.inputs().entrySet().stream()
        .map(input -> of(input.getKey(), input.getValue()))
        .toList();
  }

  private static CorpusInput of(String name, Map<String, Path> files) {
    long bytes = files.values().stream().mapToLong(CorpusInput::size).sum();
    List<String> lines =
        files.entrySet().parallelStream()
            .map(file -> hash(file.getValue()) + "  " + file.getKey() + "\n")
            .collect(Collectors.toList());
    String sha256 =
        lines.size() == 1
            ? lines.get(0).substring(0, lines.get(0).indexOf(' '))
            : Sha256.hex(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    return new CorpusInput(name, lines.size(), bytes, sha256);
  }

  private static String hash(Path file) {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
      return Sha256.hex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
