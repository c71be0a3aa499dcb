package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.isoflop.harness.Quantities;
import org.junit.jupiter.api.Test;

/** What libtorch 2.7, the JVM and Linux say when there is no room, and what a person reads. */
final class FailureReasonTest {

  private static final String INTERPRETER =
      """
      The following operation failed in the TorchScript interpreter.
      Traceback of TorchScript, serialized code (most recent call last):
        File "code/__torch__.py", line 51, in logits
          w = [weight.to(self.compute_dtype) for weight in self.weights]
                         ~~~~~~~~~~~~~~~~~~~ <--- HERE
      RuntimeError:\s""";

  @Test
  void theMemoryThatWasTooSmallIsNamedFirst() {
    assertThat(
            reason(
                INTERPRETER
                    + "[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't"
                    + " allocate memory: you tried to allocate 4294967296 bytes. Error code 12"
                    + " (Cannot allocate memory)\n"))
        .isEqualTo(
            "out of memory: libtorch could not allocate 4 GiB more with one sequence in a pass; use"
                + " fewer --slots or leave out such sizes");
    assertThat(
            reason(
                INTERPRETER
                    + "CUDA out of memory. Tried to allocate 20.50 MiB. GPU 0 has a total capacity"
                    + " of 79.11 GiB of which 4.62 MiB is free."))
        .startsWith(
            "out of memory: libtorch could not allocate 20.50 MiB more on the GPU with one");
    assertThat(reason("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"))
        .startsWith("out of memory: libtorch could not allocate more on the GPU with one");
    assertThat(reason("std::bad_alloc"))
        .startsWith("out of memory: libtorch could not allocate more with one");
    String heap = Quantities.bytes((double) Runtime.getRuntime().maxMemory());
    assertThat(FailureReason.of(new OutOfMemoryError("Java heap space")))
        .startsWith("out of memory: Java's heap of " + heap + " is full; a larger one")
        .contains("-Xmx");
    assertThat(
            FailureReason.of(
                new IllegalStateException(
                    new OutOfMemoryError("Cannot reserve 8 bytes of direct buffer memory"))))
        .startsWith("out of memory: Java reports 'Cannot reserve 8 bytes of direct buffer memory'");
  }

  @Test
  void aFullDiskIsAFullDiskWhateverWasBeingWritten() {
    IOException full = new IOException("No space left on device");
    UncheckedIOException failure = new UncheckedIOException("cannot write a: " + full, full);
    assertThat(FailureReason.isDiskFull(failure)).isTrue();
    assertThat(FailureReason.isDiskFull(new IllegalStateException(failure))).isTrue();
    assertThat(FailureReason.isDiskFull(new IOException("Disk quota exceeded"))).isTrue();
    assertThat(FailureReason.isDiskFull(new IOException("Permission denied"))).isFalse();
    assertThat(FailureReason.of(failure))
        .isEqualTo("disk full: cannot write a: java.io.IOException: No space left on device");
  }

  @Test
  void ofTheInterpretersLinesTheErrorIsTheReason() {
    assertThat(reason(INTERPRETER + "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)\n"))
        .isEqualTo("libtorch: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
    assertThat(reason("\nfirst\nsecond")).isEqualTo("first");
    assertThat(FailureReason.of(new NullPointerException()))
        .isEqualTo("java.lang.NullPointerException");
  }

  private static String reason(String message) {
    return FailureReason.of(new EngineException(message));
  }
}
