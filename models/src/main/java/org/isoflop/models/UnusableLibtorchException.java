package org.isoflop.models;

/**
 * libtorch cannot be loaded here, or must not be: the message is one sentence that says from where,
 * what is wrong there and what to set.
 */
public final class UnusableLibtorchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableLibtorchException(String message) {
    super(message);
  }

  UnusableLibtorchException(String message, Throwable cause) {
    super(message, cause);
  }
}
