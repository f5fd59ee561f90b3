# A Python client: python3 examples/client.py probe.jpg, after (pip install grpcio-tools, or Debian's protobuf-compiler-grpc)
# python3 -m grpc_tools.protoc -I proto --python_out=. --grpc_python_out=. proto/portcullis/v1/*.proto proto/google/rpc/*.proto
import sys
import grpc
from portcullis.v1 import common_pb2, identification_pb2, identification_pb2_grpc

stub = identification_pb2_grpc.IdentificationServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
image = common_pb2.FaceImage(data=open(sys.argv[1], "rb").read())
request = identification_pb2.IdentifyRequest(probe=image, gallery_ids=["samples"])
reply = stub.Identify(request, timeout=10)
print(identification_pb2.IdentificationOutcome.Name(reply.outcome))
for candidate in reply.candidates:
    print(candidate.rank, candidate.subject_id, round(candidate.score, 3))
