/// What an author tests a resource type with: the contract as JUnit tests, and the real monitor to run a type in.
/// The rules themselves are not made here: they are those of the contract of resource types.
@NullMarked
package dev.mainstay.testkit;

import org.jspecify.annotations.NullMarked;
