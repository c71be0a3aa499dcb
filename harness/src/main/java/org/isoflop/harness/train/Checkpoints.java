package org.isoflop.harness.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.train.SafeTensors.Tensor;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderState;
import org.isoflop.models.WeightMatrix;

/**
 * A job's checkpoints on disk: {@code step-N/state.safetensors} with a {@code state.json} that
 * holds its checksum. A checkpoint appears whole, by a rename; the newest two are kept, so that a
 * damaged one costs some minutes and not the job.
 */
final class Checkpoints {

  private static final String TENSORS = "state.safetensors";
  private static final String DESCRIPTION = "state.json";
  private static final String STEP = "step-";
  private static final int KEPT = 2;

  private final Path folder;
  private final DecoderConfig decoder;
  private final String identity;

  /**
   * Opens a job's checkpoints; nothing is written before the first {@link #save}.
   *
   * @param folder the job's {@code checkpoint} folder
   * @param identity of the job, {@link Conditions#identity}
   */
  Checkpoints(Path folder, DecoderConfig decoder, String identity) {
    this.folder = folder;
    this.decoder = decoder;
    this.identity = identity;
  }

  /**
   * A state, with what the run had used by then.
   *
   * @param state weights, moments, step
   * @param startStep the step that the job began with
   * @param seconds spent training it so far
   */
  record Checkpoint(DecoderState state, long startStep, double seconds) {}

  /** The file beside the tensors. */
  private record Description(
      String identity, long step, long startStep, double seconds, long tensorsCrc32c) {}

  /** Saves a state, then drops all but the newest two. */
  void save(Checkpoint checkpoint) {
    String name = STEP + checkpoint.state().step();
    Path unfinished = folder.resolve(name + ".tmp");
    try {
      delete(unfinished);
      Path tensors = unfinished.resolve(TENSORS);
      AtomicFiles.write(tensors, out -> SafeTensors.write(out, tensors(checkpoint.state())));
      SealedJson.write(
          unfinished.resolve(DESCRIPTION),
          new Description(
              identity,
              checkpoint.state().step(),
              checkpoint.startStep(),
              checkpoint.seconds(),
              checksum(tensors)));
      Path finished = folder.resolve(name);
      delete(finished);
      Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
      List<Path> all = newestFirst();
      for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
        delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save checkpoint " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the newest checkpoint that is whole.
   *
   * @param latestStep last step the job's loss log holds; a checkpoint past it cannot be gone on
   *     from
   * @param damaged receives one sentence about each newer one that cannot be used
   * @throws BadInputException where one is whole, but of another job
   */
  Optional<Checkpoint> load(long latestStep, Consumer<String> damaged) {
    for (Path candidate : newestFirst()) {
      try {
        if (step(candidate) > latestStep) {
          throw new IOException("losses.csv ends at step " + latestStep);
        }
        return Optional.of(read(candidate));
      } catch (BadInputException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        damaged.accept(
            "checkpoint "
                + candidate
                + " cannot be used ("
                + e.getMessage()
                + "), going further back");
      }
    }
    return Optional.empty();
  }

  /** Deletes all checkpoints. */
  void clear() {
    clear(folder);
  }

  /** Deletes all checkpoints of a folder, if there are any. */
  static void clear(Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Returns the weights by name, as {@code weights.safetensors} holds them. */
  static Map<String, Tensor> weights(DecoderConfig decoder, DecoderState state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    put(tensors, decoder, "", state.weights());
    return tensors;
  }

  private Map<String, Tensor> tensors(DecoderState state) {
    Map<String, Tensor> tensors = weights(decoder, state);
    put(tensors, decoder, "exp_avg.", state.firstMoments());
    put(tensors, decoder, "exp_avg_sq.", state.secondMoments());
    return tensors;
  }

  private static void put(
      Map<String, Tensor> tensors, DecoderConfig decoder, String prefix, List<float[]> values) {
    List<WeightMatrix> matrices = WeightMatrix.of(decoder);
    for (int i = 0; i < matrices.size(); i++) {
      WeightMatrix matrix = matrices.get(i);
      tensors.put(
          prefix + matrix.name(),
          new Tensor(new int[] {matrix.rows(), matrix.columns()}, values.get(i)));
    }
  }

  private Checkpoint read(Path checkpoint) throws IOException {
    Description description =
        SealedJson.read(checkpoint.resolve(DESCRIPTION), Description.class, "checkpoint");
    Path tensorFile = checkpoint.resolve(TENSORS);
    if (!description.identity().equals(identity)) {
      throw BadInputException.of(
          "%s: belongs to another job, of this sweep or of another; delete %s, and the sweep"
              + " command trains this job from its start",
          checkpoint, folder.getParent());
    }
    if (description.step() != step(checkpoint)) {
      throw new IOException("it was renamed");
    }
    if (checksum(tensorFile) != description.tensorsCrc32c()) {
      throw new IOException("the checksum of its tensors does not match");
    }
    Map<String, Tensor> tensors = SafeTensors.read(tensorFile);
    return new Checkpoint(
        new DecoderState(
            description.step(),
            take(tensors, ""),
            take(tensors, "exp_avg."),
            take(tensors, "exp_avg_sq.")),
        description.startStep(),
        description.seconds());
  }

  private List<float[]> take(Map<String, Tensor> tensors, String prefix) throws IOException {
    List<float[]> values = new ArrayList<>();
    for (WeightMatrix matrix : WeightMatrix.of(decoder)) {
      Tensor tensor = tensors.get(prefix + matrix.name());
      if (tensor == null || tensor.values().length != matrix.size()) {
        throw new IOException("it lacks " + prefix + matrix.name());
      }
      values.add(tensor.values());
    }
    return values;
  }

  private List<Path> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches(STEP + "\\d+"))
          .sorted(Comparator.comparingLong(Checkpoints::step).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring(STEP.length()));
  }

  private static long checksum(Path file) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32C())) {
      byte[] block = new byte[1 << 16];
      while (in.read(block) >= 0) {
        // reading is what feeds the checksum
      }
      return in.getChecksum().getValue();
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> all = Files.walk(tree)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
