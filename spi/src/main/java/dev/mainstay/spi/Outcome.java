package dev.mainstay.spi;

/// What an online or offline call achieved when it returned.
public enum Outcome {
    /// The resource is in the wanted state now.
    DONE,
    /// A worker handed to [Operation#pending] goes on; its end decides.
    PENDING
}
