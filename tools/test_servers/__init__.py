"""Real servers for tests and benchmarks: plain processes on loopback addresses.

command.py    the command line
node.py       one process: started, signalled, waited for, its state in one directory
jars.py       Java servers: their jars from a Maven registry, their command lines
cassandra.py  how Cassandra is configured, and when it answers
etcd.py       the same of etcd
kafka.py      the same of Kafka
opensearch.py the same of OpenSearch
killrvideo.py the same of the program, split into six processes

A further kind of server is a module like etcd.py and a line in KINDS of command.py.
"""
