package org.isoflop.harness.train;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;

/**
 * Why a job could not be trained, in one line for a person: which memory was too small, which file
 * did not fit on the disk, what libtorch complained of. What threw it is in the stack trace.
 */
public final class FailureReason {

  private static final Pattern DISK_FULL =
      Pattern.compile("No space left on device|Disk quota exceeded");

  /** libtorch 2.7's allocators, and the C++ library's own. */
  private static final Pattern NATIVE_MEMORY =
      Pattern.compile(
          "DefaultCPUAllocator|std::bad_alloc|CUDA out of memory|CUDA error: out of memory"
              + "|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED");

  private static final Pattern ASKED =
      Pattern.compile("[Tt]ried to allocate ((\\d+) bytes|[\\d.]+ \\w+)");

  /** How the interpreter begins, and which line of what follows is the error itself. */
  private static final String INTERPRETER = "The following operation failed in the TorchScript";

  private static final Pattern ERROR_LINE = Pattern.compile("(?m)^\\w*(?:Error|Exception): (.*)$");

  /** Where memory is short a job first tries shorter passes. */
  private static final String SMALLER_JOBS =
      " with one sequence in a pass; use fewer --slots or leave out such sizes";

  private static final String HEAP = "out of memory: Java's heap of ";
  private static final String LARGER_HEAP = "; a larger one is ISOFLOP_JAVA_OPTIONS=-Xmx...";

  private FailureReason() {}

  /** Returns the reason, one line without its end. */
  public static String of(Throwable failure) {
    if (isDiskFull(failure)) {
      return "disk full: " + said(failure);
    }
    return outOfMemory(failure)
        .map(reason -> reason + (isHeap(reason) ? LARGER_HEAP : SMALLER_JOBS))
        .orElseGet(() -> said(failure));
  }

  /** Returns which memory was too small, where one was. */
  static Optional<String> outOfMemory(Throwable failure) {
    Optional<Throwable> java = find(failure, OutOfMemoryError.class::isInstance);
    if (java.isPresent()) {
      return Optional.of(ofJava(String.valueOf(java.get().getMessage())));
    }
    return find(failure, cause -> NATIVE_MEMORY.matcher(message(cause)).find())
        .map(cause -> ofLibtorch(message(cause)));
  }

  private static boolean isHeap(String reason) {
    return reason.startsWith(HEAP);
  }

  /** Returns whether a disk, or what of it this user may use, had no room left. */
  public static boolean isDiskFull(Throwable failure) {
    return find(
            failure,
            cause -> cause instanceof IOException && DISK_FULL.matcher(message(cause)).find())
        .isPresent();
  }

  private static String ofJava(String message) {
    if (message.contains("heap") || message.contains("GC overhead")) {
      return HEAP + Quantities.bytes((double) Runtime.getRuntime().maxMemory()) + " is full";
    }
    return "out of memory: Java reports '" + message + "'";
  }

  private static String ofLibtorch(String message) {
    Matcher allocator = NATIVE_MEMORY.matcher(message);
    boolean gpu = allocator.find() && allocator.group().startsWith("CU");
    Matcher asked = ASKED.matcher(message);
    String amount = "";
    if (asked.find()) {
      amount =
          asked.group(2) == null
              ? " " + asked.group(1)
              : " " + Quantities.bytes(Double.parseDouble(asked.group(2)));
    }
    return "out of memory: libtorch could not allocate"
        + amount
        + " more"
        + (gpu ? " on the GPU" : "");
  }

  /** Returns what a failure itself says: of the interpreter's many lines the one that does. */
  private static String said(Throwable failure) {
    String message = message(failure);
    if (message.startsWith(INTERPRETER)) {
      Matcher error = ERROR_LINE.matcher(message);
      String last = "";
      while (error.find()) {
        last = error.group(1);
      }
      if (!last.isBlank()) {
        return "libtorch: " + last.strip();
      }
    }
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(failure.toString());
  }

  private static Optional<Throwable> find(Throwable failure, Predicate<Throwable> kind) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(100) // causes may form a ring
        .filter(kind)
        .findFirst();
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
