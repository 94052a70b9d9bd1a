// Command withpostgres runs a program with a PostgreSQL server that the tests of all
// packages share, whose address is in TEST_DATABASE_URL. Where that is set already, it runs
// the program only.
//
//	withpostgres go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/usagegraph/usagegraph/internal/postgres"
)

func main() {
	err := run(os.Args[1:])
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(max(1, failed.ExitCode())) // the program has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		os.Exit(1)
	}
}

func run(program []string) error {
	if len(program) == 0 {
		return errors.New("name the program to run")
	}
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // a terminal sends it to the program, too, and that ends
	command := exec.Command(program[0], program[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if os.Getenv("TEST_DATABASE_URL") == "" {
		server, err := postgres.New()
		if err != nil {
			return err
		}
		defer server.Remove()
		defer server.End(syscall.SIGINT)
		command.Env = append(os.Environ(), "TEST_DATABASE_URL="+server.Address("postgres"))
	}
	return command.Run()
}
